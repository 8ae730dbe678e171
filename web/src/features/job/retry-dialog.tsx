import { type FormEvent, useState } from "react";
import { ApiProblem, asProblem } from "@/api/problem";
import type { Image, Job } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextArea } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { costOfOne } from "./cost";
import { useRetryImage } from "./queries";
import { useWishKey } from "./use-wish-key";

interface RetryDialogProps {
  job: Job;
  /** Which image; `undefined` closes the dialog. */
  image: Image | undefined;
  onClose: () => void;
}

/** Asks for one image once more, with its prompt to edit. */
export function RetryDialog({ job, image, onClose }: RetryDialogProps) {
  const isReady = image?.status === "ready";
  const number = (image?.index ?? 0) + 1;
  const cost = costOfOne(job);
  return (
    <Dialog
      open={image !== undefined}
      onClose={onClose}
      title={isReady ? `Another take of image ${number}` : `Retry image ${number}`}
      description={
        <>
          {isReady ? "The picture that is there stays until the new one is ready. " : null}
          It counts as one image{cost ? `, about ${cost}` : ""}.
        </>
      }
      className="max-w-xl"
    >
      {image && <RetryForm key={image.id} {...{ job, image, onClose }} />}
    </Dialog>
  );
}

/** The prompt of the last try, where that one failed: whoever edited it wants to go on from there. */
function firstPrompt({ prompt, retry }: Image): string {
  return (retry?.status === "failed" && retry.prompt) || prompt || "";
}

function RetryForm({ job, image, onClose }: { job: Job; image: Image; onClose: () => void }) {
  const [prompt, setPrompt] = useState(() => firstPrompt(image));
  const retry = useRetryImage(job.id);
  const wish = useWishKey();
  const problem = retry.error ? asProblem(retry.error) : undefined;
  const fieldProblem = problem?.field("prompt");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (retry.isPending) return;
    const isSame = prompt.trim() === (image.prompt ?? "").trim();
    const asked = isSame ? undefined : prompt;
    retry.mutate(
      { imageId: image.id, prompt: asked, idempotencyKey: wish.keyOf(`${image.id} ${asked ?? ""}`) },
      {
        onSuccess: onClose,
        onError: (error) => {
          if (error instanceof ApiProblem && !error.retryable) wish.forget();
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className="mt-4">
      <TextArea
        label="Prompt"
        rows={7}
        value={prompt}
        onChange={(event) => setPrompt(event.target.value)}
        error={fieldProblem}
        hint="What the picture should show. The photos go along with it as they did before."
      />
      {problem && !fieldProblem && <ProblemNotice problem={problem} className="mt-4" />}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={onClose}>
          Keep it as it is
        </Button>
        <Button type="submit" isBusy={retry.isPending} disabled={prompt.trim() === ""}>
          {image.status === "ready" ? "Make another take" : "Retry image"}
        </Button>
      </div>
    </form>
  );
}
