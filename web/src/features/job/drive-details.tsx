import type { DriveFolder, SavedToDrive } from "@/api/schema";
import { paths } from "@/app/paths";
import { plural } from "@/lib/format";

/** The folder that the photos come from, and what of it was left out. */
export function DriveDetails({ drive }: { drive: DriveFolder }) {
  return (
    <>
      {`The folder “${drive.folder_name}” in Google Drive, ${plural(drive.used, "photo")}.`}
      {drive.left_out > 0 &&
        ` ${plural(drive.left_out, "more picture")} in it ${drive.left_out === 1 ? "was" : "were"} left out: a job takes the first 8 by name.`}
    </>
  );
}

/** Whether the images are in the person's Drive, where that was asked for. */
export function SavedToDriveDetails({ saved }: { saved: SavedToDrive }) {
  if (saved.status === "saved") {
    return (
      <>
        {saved.images ? `${plural(saved.images, "image")} in ` : "In "}
        {saved.url ? (
          <a className="link" href={saved.url} target="_blank" rel="noreferrer">
            {saved.folder_name ?? "a folder"}
          </a>
        ) : (
          saved.folder_name
        )}
        {saved.place === "my_drive"
          ? ", in My Drive: the folder of the photos does not take files."
          : ", beside the photos."}
      </>
    );
  }
  if (saved.status === "failed") {
    return (
      <>
        <span className="text-red">Not saved.</span> {saved.message} The images are here to download.{" "}
        <a className="link" href={paths.settings}>
          Look at the connection
        </a>
      </>
    );
  }
  return <>The images are saved there once they are ready.</>;
}
