/** What the model asked cannot be done; the message tells it why. Nothing was changed. */
export class FileToolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "FileToolError";
  }
}
