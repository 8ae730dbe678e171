import { TextArea, TextField } from "@/components/ui/field";
import { classNames } from "@/lib/class-names";
import type { Draft } from "./draft";
import { FormPart } from "./form-part";
import { LONGEST_BRIEF } from "./terms";
import type { ChangeDraft } from "./use-draft";

const styles = ["White studio", "Warm daylight", "Dark and moody", "Pastel backgrounds", "Rustic wood", "On location"];

const languages = ["English", "German", "French", "Spanish", "Italian", "Dutch", "Polish", "Portuguese", "Japanese"];

export interface SectionProps {
  draft: Draft;
  onChange: ChangeDraft;
  /** What is wrong, by the API's names of fields. */
  errors: Record<string, string>;
}

/** What is photographed, and what for. Everything may be left empty. */
export function DetailsSection({ draft, onChange, errors }: SectionProps) {
  const length = draft.brief.length;
  return (
    <FormPart title="Product" hint="All of it is optional. The more Gemini knows, the better the images fit.">
      <TextField
        label="Title"
        name="product.title"
        value={draft.title}
        onChange={(event) => onChange({ title: event.target.value })}
        placeholder="Espresso cup"
        autoComplete="off"
        error={errors["product.title"]}
      />
      <TextArea
        label="Description"
        name="product.description"
        rows={4}
        value={draft.description}
        onChange={(event) => onChange({ description: event.target.value })}
        placeholder="Red enamel, 80 ml, hand-finished rim"
        error={errors["product.description"]}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label="Category"
          name="product.category"
          value={draft.category}
          onChange={(event) => onChange({ category: event.target.value })}
          placeholder="Kitchen, cups"
          autoComplete="off"
          error={errors["product.category"]}
        />
        <TextField
          label="Brand"
          name="product.brand"
          value={draft.brand}
          onChange={(event) => onChange({ brand: event.target.value })}
          autoComplete="off"
          error={errors["product.brand"]}
        />
      </div>
      <TextArea
        label="What are the images for?"
        name="brief"
        rows={3}
        value={draft.brief}
        onChange={(event) => onChange({ brief: event.target.value })}
        placeholder="A shop listing and two posts about breakfast"
        hint={
          <span className={classNames("tabular-nums", length > LONGEST_BRIEF && "text-red")}>
            {length.toLocaleString("en-GB")} of {LONGEST_BRIEF.toLocaleString("en-GB")} characters
          </span>
        }
        error={errors.brief}
      />
      <StyleField value={draft.style} onChange={(style) => onChange({ style })} error={errors.style} />
      <TextField
        label="Language of words in the images"
        name="product.language"
        value={draft.language}
        onChange={(event) => onChange({ language: event.target.value })}
        list="languages"
        autoComplete="off"
        hint="If an image holds words, such as on a label or a banner."
        error={errors["product.language"]}
      />
      <datalist id="languages">
        {languages.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </FormPart>
  );
}

interface StyleFieldProps {
  value: string;
  onChange: (style: string) => void;
  error: string | undefined;
}

/** Free words, with some to begin with. */
function StyleField({ value, onChange, error }: StyleFieldProps) {
  const parts = value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const toggle = (name: string) => {
    onChange((parts.includes(name) ? parts.filter((part) => part !== name) : [...parts, name]).join(", "));
  };
  return (
    <div>
      <TextField
        label="Style"
        name="style"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="The look that all images share"
        autoComplete="off"
        error={error}
      />
      <ul aria-label="Suggestions for the style" className="mt-2 flex flex-wrap gap-2">
        {styles.map((name) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={parts.includes(name)}
              onClick={() => toggle(name)}
              className="min-h-11 rounded-full border border-edge px-4 text-sm hover:border-ink aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
