/** Secrets as they are shown and changed: a value goes in and never comes out. */
import * as z from "zod";

export const SecretName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "a letter or _ first, then at most 127 letters, digits and _");

export const SecretInfo = z.object({
  name: SecretName,
  description: z.string().nullable(),
  /** commands that name it have it in their environment */
  sandbox: z.boolean(),
});
export type SecretInfo = z.infer<typeof SecretInfo>;

export const SecretList = z.object({
  secrets: z.array(SecretInfo),
  /** why none can be read or changed, and the way out; null when they can */
  locked: z.string().nullable(),
});
export type SecretList = z.infer<typeof SecretList>;

/** Without a value, that of before stays. A new secret is for sandboxes unless it says otherwise. */
export const SecretPatch = z.object({
  value: z.string().max(100_000).nullish(),
  description: z.string().max(1000).nullish(),
  sandbox: z.boolean().nullish(),
});
export type SecretPatch = z.infer<typeof SecretPatch>;

/** As V1 sends them: a text, or an object with the value in it. */
export const ConversationSecrets = z.record(
  SecretName,
  z.union([
    z.string().max(100_000),
    z.object({ value: z.string().max(100_000), description: z.string().max(1000).nullish() }),
  ]),
);
export type ConversationSecrets = z.infer<typeof ConversationSecrets>;
