import { dataUrl } from "./data-url.ts";

/** What models can be shown. */
export const imageTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;

/** Pixels of the longer side: no provider looks at more. */
const longestSide = 2_000;
/** Bytes up to which a file goes as it is. */
const largestFile = 3_000_000;
/** Of JPEG, for what is made smaller. */
const quality = 0.9;

/**
 * An image as a data URL, made smaller where it is larger than a model looks at.
 * @throws Error a sentence for the person
 */
export async function readImage(file: File): Promise<string> {
  if (!imageTypes.some((type) => type === file.type))
    throw new Error(`${file.name} can’t be shown to a model: PNG, JPEG, WebP and GIF can.`);
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new Error(`${file.name} can’t be read as an image.`, { cause });
  });
  try {
    const scale = longestSide / Math.max(bitmap.width, bitmap.height);
    return scale >= 1 && file.size <= largestFile
      ? await dataUrl(file)
      : await smaller(bitmap, Math.min(1, scale));
  } finally {
    bitmap.close();
  }
}

async function smaller(bitmap: ImageBitmap, scale: number): Promise<string> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", quality);
}
