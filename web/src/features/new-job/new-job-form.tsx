import { Tabs } from "radix-ui";
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { asProblem } from "@/api/problem";
import { DrivePicker } from "@/features/drive/drive-picker";
import { DetailsSection } from "./details-section";
import type { Draft, Source } from "./draft";
import { placed } from "./field-errors";
import { FormPart } from "./form-part";
import { ImagesSection } from "./images-section";
import { forgetPhotos } from "./kept-photos";
import { LeaveGuard } from "./leave-guard";
import { SummaryPanel } from "./summary-panel";
import { UploadPanel } from "./upload-panel";
import { type ChangeDraft, useDraft } from "./use-draft";
import { useDroppedFiles } from "./use-dropped-files";
import { useEstimate } from "./use-estimate";
import { driveOf, useStart } from "./use-start";
import { useUploader } from "./use-uploader";

const sources: { value: Source; name: string }[] = [
  { value: "upload", name: "Upload" },
  { value: "drive", name: "Google Drive" },
];

/** Which of the API's fields a part of the draft is. */
const fieldsOf: Partial<Record<keyof Draft, string[]>> = {
  source: ["images", "drive"],
  drive: ["drive", "save_to_drive"],
  title: ["product.title"],
  description: ["product.description"],
  category: ["product.category"],
  brand: ["product.brand"],
  language: ["product.language"],
  brief: ["brief"],
  style: ["style"],
  maxCost: ["max_cost_usd"],
};

interface NewJobFormProps {
  /** The job whose details were taken over. */
  from: string | null;
  first: Draft;
  /** What the address asks for, whatever was kept. */
  asked: Partial<Draft>;
  children?: ReactNode;
}

/** Photos, details, terms, price, start. */
export function NewJobForm({ from, first, asked, children }: NewJobFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const { draft, change, startOver, forget } = useDraft(from, first, asked);
  const { uploader, photos, remarks } = useUploader(from);
  const estimate = useEstimate(draft, photos);
  const starting = useStart({
    draft,
    photos,
    form,
    onPhotoRefused: (id, words) => uploader.refuse(id, words),
    onStarted: () => {
      forget();
      uploader.clear();
      forgetPhotos(from);
    },
  });
  const onChange: ChangeDraft = (part) => {
    change(part);
    starting.forgive((Object.keys(part) as (keyof Draft)[]).flatMap((name) => fieldsOf[name] ?? []));
  };
  const onFiles = useCallback(
    (files: File[]) => {
      change({ source: "upload" });
      void uploader.add(files);
    },
    [change, uploader],
  );
  const isDraggedOver = useDroppedFiles(onFiles);

  const { error } = estimate.query;
  const priced = useMemo(
    () => placed(estimate.isReady && error ? asProblem(error) : undefined, driveOf(estimate.wanted)),
    [estimate.isReady, error, estimate.wanted],
  );
  // An uploaded photo that the API does not know any more has to be sent again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer is about the photos of its time
  useEffect(() => {
    for (const [index, words] of priced.uploads) if (photos[index]) uploader.refuse(photos[index].id, words);
  }, [error]);
  const errors = { ...priced.errors, ...starting.errors };
  const problems = { ...priced.files, ...starting.fileProblems };
  const restart = () => {
    uploader.clear();
    startOver();
    starting.forgive(Object.keys(starting.errors));
  };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => event.preventDefault()}
      className="mt-6 grid items-start gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]"
    >
      <div className="min-w-0 space-y-10">
        {children}
        <FormPart title="Photos">
          <Tabs.Root value={draft.source} onValueChange={(source) => onChange({ source: source as Source })}>
            <Tabs.List aria-label="Where the photos come from" className="mb-4 flex border-b border-hairline">
              {sources.map(({ value, name }) => (
                <Tabs.Trigger
                  key={value}
                  value={value}
                  className="-mb-px min-h-11 border-b-2 border-transparent px-4 text-sm text-muted hover:text-ink data-[state=active]:border-red data-[state=active]:font-semibold data-[state=active]:text-ink"
                >
                  {name}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
            <Tabs.Content value="upload">
              <UploadPanel
                uploader={uploader}
                state={{ photos, remarks }}
                isDraggedOver={isDraggedOver}
                error={errors.images}
              />
            </Tabs.Content>
            <Tabs.Content value="drive" data-field="drive">
              {errors.drive && (
                <p role="alert" className="mb-2 text-sm text-red">
                  {errors.drive}
                </p>
              )}
              <DrivePicker
                choice={draft.drive}
                onChange={(drive) => onChange({ drive })}
                problems={problems}
                savingError={errors.save_to_drive}
              />
            </Tabs.Content>
          </Tabs.Root>
        </FormPart>
        <DetailsSection draft={draft} onChange={onChange} errors={errors} />
        <ImagesSection draft={draft} onChange={onChange} errors={errors} />
      </div>
      <div className="lg:sticky lg:top-24">
        <SummaryPanel draft={draft} estimate={estimate} starting={starting} onStartOver={restart} />
      </div>
      <LeaveGuard isNeeded={uploader.isUnfinished} />
    </form>
  );
}
