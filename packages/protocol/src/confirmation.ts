/** When a person is asked before an action is executed, and what they answer. */
import * as z from "zod";

export const ConfirmationPolicy = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("NeverConfirm") }),
  z.looseObject({ kind: z.literal("AlwaysConfirm") }),
  z.looseObject({
    kind: z.literal("ConfirmRisky"),
    /** actions of this risk and above are asked about */
    threshold: z.enum(["LOW", "MEDIUM", "HIGH"]).default("HIGH"),
    /** so are actions whose risk nobody can tell */
    confirm_unknown: z.boolean().default(true),
  }),
]);
export type ConfirmationPolicy = z.infer<typeof ConfirmationPolicy>;

export const neverConfirm: ConfirmationPolicy = { kind: "NeverConfirm" };

export const ConfirmationPolicyRequest = z.object({ policy: ConfirmationPolicy });
export type ConfirmationPolicyRequest = z.infer<typeof ConfirmationPolicyRequest>;

/** V1's body: the analyzer as an object with its name in `kind`, or null for none. */
export const SecurityAnalyzerRequest = z.object({
  security_analyzer: z.looseObject({ kind: z.string().min(1).max(100) }).nullable(),
});
export type SecurityAnalyzerRequest = z.infer<typeof SecurityAnalyzerRequest>;

/** How long a yes holds: for these actions, for the like of them in this conversation, or in every one. */
export const ConfirmationScope = z.enum(["once", "conversation", "always"]);
export type ConfirmationScope = z.infer<typeof ConfirmationScope>;

export const ConfirmationResponse = z.object({
  accept: z.boolean(),
  reason: z.string().max(10_000).nullish(),
  scope: ConfirmationScope.nullish(),
  /** ids of the events of the actions that are meant: refused where others wait by now. Default: whichever wait */
  action_ids: z.array(z.string().max(100)).max(1000).nullish(),
});
export type ConfirmationResponse = z.infer<typeof ConfirmationResponse>;

/** The value of the state update `confirmation`: what a person allowed. A no is a UserRejectObservation an action. */
export const Confirmation = z.looseObject({
  /** the calls that may run now */
  tool_call_ids: z.array(z.string()),
  scope: ConfirmationScope,
  /** what is not asked about any more in this conversation */
  grants: z.array(z.string()),
});
export type Confirmation = z.infer<typeof Confirmation>;
