/** Starts the application, everything behind the landing page. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { reportUncaught } from "@/features/errors/report";
import { newQueryClient } from "./query-client";
import { routes } from "./routes";

const place = document.getElementById("app");
if (!place) throw new Error("app.html has no place for the application");

reportUncaught();

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={newQueryClient()}>
      <RouterProvider router={createBrowserRouter(routes)} />
    </QueryClientProvider>
  </StrictMode>,
);
