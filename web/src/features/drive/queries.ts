import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { DrivePlace } from "./choice";

const driveKeys = {
  connection: ["drive", "connection"] as const,
  files: (place: DrivePlace, text: string) => ["drive", "files", place, text] as const,
};

/** Whether a Drive is connected, and how photos are chosen there. */
export const driveQuery = queryOptions({
  queryKey: driveKeys.connection,
  queryFn: ({ signal }) => unwrap(api.GET("/api/drive", { signal })),
  staleTime: 30_000,
});

/** What is in a folder, or what is found by a text: one page at a time. */
export function driveFilesQuery(place: DrivePlace, text: string) {
  return infiniteQueryOptions({
    queryKey: driveKeys.files(place, text),
    queryFn: ({ signal, pageParam }) => {
      const query = {
        folder: place.folder,
        ...(place.resource_key && { resource_key: place.resource_key }),
        ...(text && { q: text }),
        ...(pageParam && { page_token: pageParam }),
      };
      return unwrap(api.GET("/api/drive/files", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_page_token,
    staleTime: 60_000,
  });
}
