export function LandingPage() {
  return <main>Packshot</main>;
}
