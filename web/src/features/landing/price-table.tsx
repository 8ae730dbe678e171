import prices from "@/prices.json";

/** Prices in US dollars, from the price list that jobs are reckoned with. */
export function PriceTable() {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm tabular-nums">
        <caption className="pb-3 text-left text-muted">
          For each image, by size, in US dollars. Model: <code className="font-mono">{prices.image_model}</code>
        </caption>
        <thead>
          <tr className="border-b border-ink text-left">
            <th scope="col" className="py-2 pr-4 font-semibold">
              Size
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-semibold">
              In a batch
            </th>
            <th scope="col" className="py-2 text-right font-semibold">
              At once
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(prices.image_size).map(([size, price]) => (
            <tr key={size} className="border-b border-hairline">
              <th scope="row" className="py-3 pr-4 text-left font-normal">
                {size}
              </th>
              <td className="py-3 pr-4 text-right">${trimmed(price.batch_usd)}</td>
              <td className="py-3 text-right text-muted">${trimmed(price.interactive_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-4 text-sm text-muted">
        Ten images of 1K with their plan come to about ${Number(prices.ten_images_1k_usd).toFixed(2)}. “At once” is what
        an image costs that is made alone: only if a batch is late and you have asked for it.
      </p>
    </div>
  );
}

/** `0.016800` as `0.0168`. */
function trimmed(decimal: string): string {
  return decimal.replace(/0+$/, "").replace(/\.(\d)$/, ".$10");
}
