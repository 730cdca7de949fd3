/** What messages and observations are made of: text and images. */
import * as z from "zod";

export const TextContent = z.looseObject({ type: z.literal("text"), text: z.string() });
export type TextContent = z.infer<typeof TextContent>;

export const ImageContent = z.looseObject({ type: z.literal("image"), image_urls: z.array(z.string()) });
export type ImageContent = z.infer<typeof ImageContent>;

export const Content = z.discriminatedUnion("type", [TextContent, ImageContent]);
export type Content = z.infer<typeof Content>;

export const text = (value: string): TextContent => ({ type: "text", text: value });

/** The text parts of `content`, joined by line ends. */
export function plainText(content: readonly Content[]): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
