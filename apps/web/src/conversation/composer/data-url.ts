/** The bytes as they are, in a URL that can be part of a message. */
export async function dataUrl(blob: Blob): Promise<string> {
  return await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      typeof reader.result === "string" ? resolve(reader.result) : reject(unreadable()),
    );
    reader.addEventListener("error", () => reject(unreadable()));
    reader.readAsDataURL(blob);
  });
}

const unreadable = (): Error => new Error("The file can’t be read.");
