import { HardDrive } from "lucide-react";
import type { DriveConnection } from "@/api/schema";
import { ButtonAnchor } from "@/components/ui/button";
import { connectAddress } from "./addresses";

interface ConnectDriveProps {
  connection: DriveConnection;
  /** Where Google sends the person back to. */
  next: string;
}

/** Explains what a connected Drive is for, and leads to Google. */
export function ConnectDrive({ connection, next }: ConnectDriveProps) {
  const again = connection.needs_reconnect;
  const picks = connection.chosen_with === "picker";
  return (
    <div className="panel px-6 py-10 text-center">
      <HardDrive aria-hidden="true" className="mx-auto size-8 text-muted" strokeWidth={1.5} />
      <h3 className="mt-3 text-lg font-semibold">
        {again ? "Google no longer lets us into your Drive" : "Take photos from Google Drive"}
      </h3>
      <p className="mx-auto mt-2 max-w-md text-sm text-muted">
        {again
          ? `Access to the Drive${connection.email ? ` of ${connection.email}` : ""} was taken back, or ended. Connect it again and go on here.`
          : picks
            ? "Google asks you once. Then you pick photos in Google's own window, and we see only those."
            : "Google asks you once whether we may look into your Drive. We read only what you choose, and change nothing."}{" "}
        What you typed here is kept.
      </p>
      <ButtonAnchor href={connectAddress(connection.connect_url, next)} className="mt-6">
        {again ? "Connect Drive again" : "Connect Google Drive"}
      </ButtonAnchor>
    </div>
  );
}
