import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { SectionProps } from "./details-section";
import { FormPart } from "./form-part";
import { MoreOptions } from "./more-options";
import { RadioTiles } from "./radio-tiles";
import {
  type AspectRatio,
  COMMON_RATIOS,
  IMAGE_SIZES,
  type ImageSize,
  imagesInWords,
  MOST_IMAGES,
  OTHER_RATIOS,
  proportion,
} from "./terms";

const counts = Array.from({ length: MOST_IMAGES }, (_, index) => String(index + 1));

/** About how long the longer side is, as Gemini names sizes. */
const sides: Record<ImageSize, string> = { "512": "512 px", "1K": "1,024 px", "2K": "2,048 px", "4K": "4,096 px" };

/** What the images are to be like. */
export function ImagesSection({ draft, onChange, errors }: SectionProps) {
  return (
    <FormPart title="Images">
      <RadioTiles
        name="count"
        legend="How many"
        value={String(draft.count)}
        onChange={(count) => onChange({ count: Number(count) })}
        options={counts.map((count) => ({ value: count, label: count, name: imagesInWords(Number(count)) }))}
        className="grid-cols-5 tabular-nums sm:grid-cols-10"
        error={errors.count}
      />
      <RatioField
        value={draft.aspectRatio}
        onChange={(aspectRatio) => onChange({ aspectRatio })}
        error={errors.aspect_ratio}
      />
      <RadioTiles
        name="image_size"
        legend="Size"
        hint="Of the longer side, about. Larger images cost more and take longer to download."
        value={draft.imageSize}
        onChange={(imageSize) => onChange({ imageSize })}
        options={IMAGE_SIZES.map((size) => ({
          value: size,
          label: (
            <>
              {size} <span className="block text-xs font-normal text-muted">{sides[size]}</span>
            </>
          ),
        }))}
        className="grid-cols-2 sm:grid-cols-4"
        error={errors.image_size}
      />
      <MoreOptions draft={draft} onChange={onChange} errors={errors} />
    </FormPart>
  );
}

interface RatioFieldProps {
  value: AspectRatio;
  onChange: (ratio: AspectRatio) => void;
  error: string | undefined;
}

function RatioField({ value, onChange, error }: RatioFieldProps) {
  const isCommon = COMMON_RATIOS.some((ratio) => ratio === value);
  const [isAll, setIsAll] = useState(!isCommon);
  const ratios: readonly AspectRatio[] = isAll ? [...COMMON_RATIOS, ...OTHER_RATIOS] : COMMON_RATIOS;
  return (
    <RadioTiles
      name="aspect_ratio"
      legend="Aspect ratio"
      value={value}
      onChange={onChange}
      options={ratios.map((ratio) => ({ value: ratio, label: ratio, picture: <Frame ratio={ratio} /> }))}
      className="grid-cols-5 tabular-nums"
      error={error}
    >
      {!isAll && (
        <Button kind="quiet" className="mt-1 -ml-4" aria-expanded={false} onClick={() => setIsAll(true)}>
          More ratios
        </Button>
      )}
    </RadioTiles>
  );
}

/** The longer side of a drawn frame, in pixels. */
const LONGER_SIDE = 36;

function Frame({ ratio }: { ratio: AspectRatio }) {
  const shape = proportion(ratio);
  const width = shape >= 1 ? LONGER_SIDE : LONGER_SIDE * shape;
  return (
    <span aria-hidden="true" className="flex size-9 items-center justify-center">
      <span
        className="border-2 border-current"
        style={{ width: Math.max(6, width), height: Math.max(6, width / shape) }}
      />
    </span>
  );
}
