import { paths } from "@/app/paths";
import { CopyButton } from "@/components/ui/copy-button";
import { Section } from "@/components/ui/section";

/** The command that shows whether a key works, ready to be pasted into a shell. */
export function QuickStart() {
  const command = [
    `curl -sS --fail-with-body "${location.origin}/api/v1/generate" \\`,
    '    -H "x-api-key: packshot_live_…" \\',
    "    -F image=@photo.jpg -F count=4",
  ].join("\n");
  return (
    <Section
      title="Quick start"
      description={
        <>
          Put your key in the place of packshot_live_… and a photo of a product beside it. The answer is the job, which
          makes four images.{" "}
          <a className="link" href={paths.docs}>
            Read the documents
          </a>
        </>
      }
      action={<CopyButton text={command} what="command" />}
    >
      <pre className="panel p-4 font-mono text-sm break-words whitespace-pre-wrap">
        <code>{command}</code>
      </pre>
    </Section>
  );
}
