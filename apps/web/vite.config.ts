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
  // The server's content policy allows no data: addresses, so nothing may be put inline.
  build: { outDir: "dist", assetsInlineLimit: 0 },
});
