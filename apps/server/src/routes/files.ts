/** The files of a workspace: in and out of the sandbox as streams, never by a path of this machine. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { AppError, attachmentType, FileList, FileQuery, Success, UploadResult } from "@openhands/protocol";
import { archive, listFolder, openFile, writeFile } from "@openhands/sandbox";
import { zip } from "@openhands/store";
import * as z from "zod";
import { borrowSandbox, whileBorrowed } from "../conversations/borrow-sandbox.ts";
import { answer, errors, idParameter } from "./answers.ts";
import type { RouteContext } from "./context.ts";
import { boundedBody } from "./bounded-body.ts";
import { receiveForm } from "./receive-form.ts";
import { streamed } from "./streamed.ts";

const request = { params: idParameter, query: FileQuery };
const bytes = { content: { "*/*": { schema: z.string() } } };
/** said as it is, for a schema would have the body read into memory first */
const requestBody = (type: string, schema: object) => ({
  requestBody: { required: true, content: { [type]: { schema } } },
});
const files = { type: "array", items: { type: "string", format: "binary" } };

const list = createRoute({
  method: "get",
  path: "/api/conversations/{id}/files",
  request,
  responses: { 200: answer("what lies in a folder of the workspace", FileList), ...errors },
});

const read = createRoute({
  method: "get",
  path: "/api/conversations/{id}/file",
  request,
  responses: { 200: { description: "the file's bytes", ...bytes }, ...errors },
});

const write = createRoute({
  method: "put",
  path: "/api/conversations/{id}/file",
  request,
  ...requestBody("application/octet-stream", { type: "string", format: "binary" }),
  responses: { 200: answer("the file is what the body was", Success), ...errors },
});

const upload = createRoute({
  method: "post",
  path: "/api/conversations/{id}/upload",
  request,
  ...requestBody("multipart/form-data", { type: "object", properties: { file: files } }),
  responses: {
    200: answer("files laid in the folder `path`, under a name that was free", UploadResult),
    ...errors,
  },
});

const download = createRoute({
  method: "get",
  path: "/api/conversations/{id}/download",
  request,
  responses: {
    200: {
      description: "a folder as a zip archive; not-packed.txt in it says what could not be read",
      ...bytes,
    },
    ...errors,
  },
});

export function fileRoutes(app: OpenAPIHono, { sessions, logger }: RouteContext): void {
  const borrow = async (id: z.infer<typeof idParameter>["id"]) =>
    await borrowSandbox(await sessions.open(id));

  app.openapi(list, async (c) => {
    using borrowed = await borrow(c.req.valid("param").id);
    return c.json(await listFolder(borrowed.sandbox, c.req.valid("query").path), 200);
  });
  app.openapi(read, async (c) => {
    const borrowed = await borrow(c.req.valid("param").id);
    const file = await openFile(borrowed.sandbox, c.req.valid("query").path).catch((error: unknown) => {
      borrowed[Symbol.dispose]();
      throw error;
    });
    const headers = {
      "Content-Type": attachmentType(file.name),
      "Content-Length": String(file.bytes),
      ...asAttachment(file.name),
      "Cache-Control": "no-store",
    };
    return await streamed(c, logger, { content: whileBorrowed(borrowed, file.read()), headers });
  });
  app.openapi(write, async (c) => {
    using borrowed = await borrow(c.req.valid("param").id);
    await writeFile(borrowed.sandbox, c.req.valid("query").path, boundedBody(c));
    return c.json({ success: true as const }, 200);
  });
  app.openapi(upload, async (c) => {
    using borrowed = await borrow(c.req.valid("param").id);
    const folder = c.req.valid("query").path;
    const paths = await receiveForm(c, async (name, content) => {
      return await writeFile(borrowed.sandbox, `${folder === "" ? "." : folder}/${name}`, content, "upload");
    });
    if (paths.length === 0) throw new AppError("invalid", "The form holds no file.");
    return c.json({ paths }, 200);
  });
  app.openapi(download, async (c) => {
    const { id } = c.req.valid("param");
    const borrowed = await borrow(id);
    const entries = await archive(borrowed.sandbox, c.req.valid("query").path).catch((error: unknown) => {
      borrowed[Symbol.dispose]();
      throw error;
    });
    const headers = { "Content-Type": "application/zip", ...asAttachment(`workspace-${id}.zip`) };
    return await streamed(c, logger, { content: zip(whileBorrowed(borrowed, entries)), headers });
  });
}

/** To be laid down, not shown: a page that an agent wrote must not run as ours. */
const asAttachment = (name: string) => ({
  "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
});
