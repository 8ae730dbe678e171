/** Why a Drive was not connected, by the code in the address (docs/decisions/0023). */
const reasons: Record<string, string> = {
  access_denied: "You did not allow it at Google, so nothing was changed.",
  attempt_expired: "Connecting took too long, and nothing was changed. Start again; it takes a few seconds.",
  attempt_unknown: "That was begun in another browser, or its cookie was removed. Start again here.",
  rate_limited: "There were too many attempts from your network. Wait a minute and try again.",
  sign_in_failed: "Google’s answer could not be verified, so nothing was changed. Try again.",
  email_not_verified: "Google has not verified the e-mail address of that account. Choose another account.",
  drive_scope_missing: "The permission for Google Drive was not given. Try again, and leave its box ticked.",
  unavailable: "Google or our service does not answer at the moment. Try again in a minute.",
};

/** What to say about it. */
export function connectError(code: string): string {
  return reasons[code] ?? "Google Drive was not connected. Try again.";
}
