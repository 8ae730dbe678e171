import type { Plugin } from "vite";

/** Addresses that are not the application's in development: files, and what goes to the stack. */
const elsewhere = /^\/(?:$|@|src\/|node_modules\/|api\/|auth\/|images\/|docs(?:\/|$))|\.[^/]*$/;

/**
 * Serves the application under every address without a file name, as the distribution does (`PageRoutes` in
 * template.yaml).
 */
export function appShell(): Plugin {
  return {
    name: "packshot:app-shell",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = request.url?.split("?")[0] ?? "/";
        if (!elsewhere.test(path)) request.url = "/app.html";
        next();
      });
    },
  };
}
