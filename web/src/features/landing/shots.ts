/** The sample on the landing page: what `cargo xtask demo --photo coffee.png` has made, with its own titles. */
export interface SampleShot {
  /** Its number, as on film. */
  number: string;
  title: string;
  alt: string;
}

export const shots: readonly SampleShot[] = [];
