import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { appShell } from "./tools/app-shell.ts";
import { prerender } from "./tools/prerender.ts";

/** Where `npm run dev` finds the API: a stack that `cargo xtask up` has started. */
const stack = process.env.PACKSHOT_STACK_URL ?? "http://localhost:8080";

/** Changes by cookie are taken from the site's own pages only, so the development server speaks for the site. */
const toStack = { target: stack, changeOrigin: true, headers: { origin: stack } };

export default defineConfig({
  plugins: [react(), tailwindcss(), appShell(), prerender()],
  resolve: { tsconfigPaths: true },
  server: {
    host: "localhost",
    port: 5173,
    proxy: { "/api": toStack, "/auth": toStack, "/images": toStack, "/docs": toStack, "/environment.json": toStack },
  },
  build: {
    target: "baseline-widely-available",
    sourcemap: true,
    // The content security policy takes fonts and scripts from files only.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "app.html"] },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    // Machines are slow at times; a test waits this long only if it fails.
    testTimeout: 30_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
