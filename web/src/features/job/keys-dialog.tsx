import { Fragment } from "react";
import { Dialog } from "@/components/ui/dialog";

const groups: { name: string; keys: [keys: string[], does: string][] }[] = [
  {
    name: "On the contact sheet",
    keys: [
      [["←", "→"], "Go from frame to frame"],
      [["Enter"], "Open the frame"],
      [["?"], "Show these keys"],
    ],
  },
  {
    name: "In the viewer",
    keys: [
      [["←", "→"], "Image before, image after"],
      [["Home", "End"], "First image, last image"],
      [["+", "−"], "Zoom in, zoom out"],
      [["0"], "Fit the window"],
      [["←", "→", "↑", "↓"], "Move the picture while it is zoomed"],
      [["C"], "Compare with the photo"],
      [["P"], "Mark as your pick"],
      [["R"], "Make another take"],
      [["Esc"], "Close"],
    ],
  },
];

interface KeysDialogProps {
  open: boolean;
  onClose: () => void;
}

/** The keys of a job's page. */
export function KeysDialog({ open, onClose }: KeysDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Keys">
      {groups.map(({ name, keys }) => (
        <section key={name} className="mt-5">
          <h3 className="text-sm font-semibold">{name}</h3>
          <dl className="mt-2 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
            {keys.map(([names, does]) => (
              <Fragment key={does}>
                <dt className="flex gap-1">
                  {names.map((key) => (
                    <kbd
                      key={key}
                      className="min-w-7 rounded-md border border-edge px-1.5 text-center font-mono text-xs leading-6"
                    >
                      {key}
                    </kbd>
                  ))}
                </dt>
                <dd className="text-muted">{does}</dd>
              </Fragment>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
