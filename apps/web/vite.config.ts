import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env["OPENHANDS_SERVER_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  // Addresses count from the <base> of the page: it may be served under a path of a proxy.
  base: "./",
  plugins: [react(), tailwindcss()],
  server: {
    host: "127.0.0.1",
    port: 3001,
    strictPort: true,
    // The browser's own Host and Origin go through unchanged: the server compares them with each other.
    proxy: { "/api": { target: server }, "/sockets": { target: server, ws: true } },
  },
  build: {
    outDir: "dist",
    // The server's content policy allows no data: addresses, so nothing may be put inline.
    assetsInlineLimit: 0,
    // What is imported first runs first, also where it lies in another chunk: `zod-without-eval.ts` counts on it.
    rolldownOptions: { output: { strictExecutionOrder: true } },
  },
});
