const command = `curl "$PACKSHOT_URL/api/v1/generate" \\
    -H "x-api-key: $PACKSHOT_API_KEY" \\
    -F image=@cup.jpg \\
    -F product.title="Espresso cup" \\
    -F count=10`;

/** A request to copy. The script puts this site's own address into it. */
export function Curl() {
  return (
    <figure className="panel overflow-hidden">
      <figcaption className="flex min-h-11 items-center justify-between border-b border-hairline pl-4 text-xs text-muted">
        Start a job
        <button type="button" data-copy="" hidden className="min-h-11 px-4 hover:text-red">
          Copy
        </button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} data-curl="" className="overflow-x-auto p-4 font-mono text-sm leading-relaxed">
        {command}
      </pre>
    </figure>
  );
}
