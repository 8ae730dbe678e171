import { createServer, type Plugin, type ViteDevServer } from "vite";

/** Where the landing page goes in index.html. */
const place = "<!--landing-->";

/** The module that draws it. */
const source = "/src/features/landing/prerender.tsx";

/**
 * Writes the landing page into index.html as plain HTML, so that it needs no script to be read. It runs before Vite
 * looks for the files that the HTML names, so that they get names with hashes like all others.
 */
export function prerender(): Plugin {
  return {
    name: "packshot:prerender",
    transformIndexHtml: {
      order: "pre",
      async handler(html, context) {
        if (!html.includes(place)) return html;
        const own = context.server ? undefined : await offlineServer();
        try {
          const server = context.server ?? own;
          const module = await server?.ssrLoadModule(source);
          return html.replace(place, () => module?.landing());
        } finally {
          await own?.close();
        }
      },
    },
  };
}

/** Loads the page's modules while the page is being built. */
function offlineServer(): Promise<ViteDevServer> {
  return createServer({
    configFile: false,
    appType: "custom",
    logLevel: "error",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    resolve: { tsconfigPaths: true },
  });
}
