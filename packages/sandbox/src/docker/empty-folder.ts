/**
 * Deletes what lies in a folder of the host from inside a container of its own, which has no network and no rights but
 * those over files: for what other users have left there, whose files a server that isn't root may not delete.
 */
import { SandboxError } from "../sandbox.ts";
import { instanceLabel } from "./container-options.ts";
import type { Engine } from "./engine.ts";

/** No name of a file is ever an argument too many, and no symbolic link is followed. */
const script = 'cd /folder && for entry in ./* ./.[!.]* ./..?*; do rm -rf -- "$entry"; done';

export interface EmptyFolderOptions {
  readonly folder: string;
  /** present on the engine */
  readonly image: string;
  readonly instance: string;
}

/** @throws SandboxError where something is left */
export async function emptyFolder(
  engine: Engine,
  { folder, image, instance }: EmptyFolderOptions,
): Promise<void> {
  const container = await engine.createContainer({
    Image: image,
    Labels: { [instanceLabel]: instance },
    User: "0:0",
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    HostConfig: {
      AutoRemove: true,
      NetworkMode: "none",
      CapDrop: ["ALL"],
      CapAdd: ["DAC_OVERRIDE", "FOWNER"],
      SecurityOpt: ["no-new-privileges"],
      Mounts: [{ Type: "bind", Source: folder, Target: "/folder" }],
    },
  });
  const ended: Promise<{ StatusCode: number }> = container.wait({ condition: "next-exit" });
  await container.start();
  const { StatusCode: code } = await ended;
  if (code !== 0) throw new SandboxError(`Not all files in ${folder} could be deleted: do so by hand.`);
}
