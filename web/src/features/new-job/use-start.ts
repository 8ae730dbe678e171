import { type RefObject, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { ApiProblem, asProblem } from "@/api/problem";
import { paths } from "@/app/paths";
import { type Draft, drivePhotosOf, orderOf } from "./draft";
import { errorsOf, type FieldErrors, firstWrong, placed } from "./field-errors";
import { useStartJob, type Wanted } from "./queries";
import type { Photo } from "./upload-queue";
import { Wishes } from "./wish";

/** The whole request. Uploaded photos have to be there. */
function wantedOf(draft: Draft, photos: readonly Photo[]): Wanted {
  const order = orderOf(draft, Date.now());
  if (draft.source === "upload") {
    return { source: "upload", body: { images: photos.flatMap(({ uploadId }) => uploadId ?? []), ...order } };
  }
  const { drive } = draft;
  return { source: "drive", body: { drive: drivePhotosOf(drive), save_to_drive: drive.saveToDrive, ...order } };
}

/** What the wish is, whenever it is looked at. */
function markOf(draft: Draft, photos: readonly Photo[]): string {
  const { place: _place, ...drive } = draft.drive;
  return JSON.stringify([{ ...draft, drive }, photos.map(({ uploadId }) => uploadId)]);
}

/** The photos of Drive that were sent. */
export function driveOf(wanted: Wanted | undefined) {
  return wanted?.source === "drive" ? wanted.body.drive : undefined;
}

/** Saving into the Drive was asked for, and Google has not allowed it. */
function savingErrors(refusal: ApiProblem | undefined, wanted: Wanted | undefined): FieldErrors {
  const isAboutSaving = wanted?.source === "drive" && wanted.body.save_to_drive;
  if (refusal?.code !== "drive_scope_missing" || !isAboutSaving) return {};
  return { save_to_drive: "Google has not allowed it yet. Allow it, or take the tick out." };
}

function without(errors: FieldErrors, fields: readonly string[]): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([field]) => !fields.includes(field)));
}

interface Input {
  draft: Draft;
  photos: readonly Photo[];
  form: RefObject<HTMLElement | null>;
  /** The API has refused an uploaded photo. */
  onPhotoRefused: (id: string, words: string) => void;
  /** The job is there: nothing needs to be kept. */
  onStarted: () => void;
}

/** Starting a job: looks over what was entered, sends it once however often it is asked for, and leads to what is wrong. */
export function useStart({ draft, photos, form, onPhotoRefused, onStarted }: Input) {
  const starting = useStartJob();
  const navigate = useNavigate();
  const wishes = useRef(new Wishes<Wanted>());
  const [own, setOwn] = useState<FieldErrors>({});
  const [forgiven, setForgiven] = useState<readonly string[]>([]);
  const [tries, setTries] = useState(0);
  const refusal = starting.error ? asProblem(starting.error) : undefined;
  const told = placed(refusal, driveOf(starting.variables?.wanted));
  const errors = without({ ...told.errors, ...savingErrors(refusal, starting.variables?.wanted), ...own }, forgiven);

  const start = () => {
    if (starting.isPending) return;
    starting.reset();
    const wrong = errorsOf(draft, photos);
    setOwn(wrong);
    setForgiven([]);
    setTries((count) => count + 1);
    if (Object.keys(wrong).length > 0) return;
    const { key, body } = wishes.current.of(markOf(draft, photos), () => wantedOf(draft, photos));
    starting.mutate(
      { wanted: body, key },
      {
        onSuccess: (job) => {
          wishes.current.settle();
          onStarted();
          navigate(paths.job(job.id));
        },
        onError: (error) => {
          wishes.current.settle(error);
          if (!(error instanceof ApiProblem)) return;
          for (const [index, words] of placed(error, undefined).uploads) {
            const photo = photos[index];
            if (photo) onPhotoRefused(photo.id, words);
          }
          setTries((count) => count + 1);
        },
      },
    );
  };

  // To the first field that is wrong, after each try.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a field that changes later takes no focus
  useEffect(() => {
    const field = firstWrong(errors);
    if (!field) return;
    const named = form.current?.querySelectorAll<HTMLElement>(`[name="${field}"], [data-field="${field}"]`) ?? [];
    const all = [...named];
    const aim = all.find((one) => one instanceof HTMLInputElement && one.checked) ?? all[0];
    aim?.focus();
    aim?.scrollIntoView?.({ block: "center" });
  }, [tries]);

  /** What was wrong with these fields is being changed. */
  const forgive = (fields: readonly string[]) => setForgiven((before) => [...before, ...fields]);

  return {
    start,
    forgive,
    errors,
    fileProblems: told.files,
    others: told.others,
    isStarting: starting.isPending || starting.isSuccess,
    refusal,
  };
}
