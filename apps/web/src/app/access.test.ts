import { ApiError } from "@openhands/client";
import type { SystemInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { codeIn, createAccess } from "./access.ts";

const info = {} as SystemInfo;
const refusal = new ApiError({ status: 401, code: "access", detail: "Sign in." });
const usedLink = new ApiError({ status: 401, code: "access", detail: "The link was used." });

const server = (answers: { signIn?: ApiError; system?: ApiError }) => ({
  signIn: async () => {
    if (answers.signIn) throw answers.signIn;
  },
  system: {
    get: async () => {
      if (answers.system) throw answers.system;
      return info;
    },
    cleanUp: async () => ({ sandboxes_removed: 0, sandboxes_suspended: 0 }),
  },
});

test("a code that works lets in", async () => {
  const access = createAccess(server({}));
  await access.enter("code");
  expect(access.store.getState()).toEqual({ state: "granted" });
});

test("a used link does not shut out who is in already", async () => {
  const access = createAccess(server({ signIn: usedLink }));
  await access.enter("code");
  expect(access.store.getState()).toEqual({ state: "granted" });
});

test("without access, the reason of the link is told", async () => {
  const access = createAccess(server({ signIn: usedLink, system: refusal }));
  await access.enter("code");
  expect(access.store.getState()).toEqual({ state: "denied", detail: "The link was used." });
  await access.enter(null);
  expect(access.store.getState()).toEqual({ state: "denied", detail: null });
});

test("a server that does not answer is no question of access", async () => {
  const network = new ApiError({ status: 0, code: "network", detail: "Not reached." });
  const access = createAccess(server({ system: network }));
  await access.enter(null);
  expect(access.store.getState()).toEqual({ state: "unreachable", detail: "Not reached." });
});

test("access that ends later closes the page, other failures do not", async () => {
  const access = createAccess(server({}));
  await access.enter(null);
  access.noticed(new ApiError({ status: 500, code: "internal", detail: "x" }));
  expect(access.store.getState().state).toBe("granted");
  access.noticed(refusal);
  expect(access.store.getState().state).toBe("denied");
});

test.each([
  ["#code=ab%2Fc", "ab/c"],
  ["http://127.0.0.1:3000/#code=XyZ-123_4", "XyZ-123_4"],
  ["#view=1&code=abc", "abc"],
  ["  AbCd1234  ", "AbCd1234"],
  ["#other", null],
  ["", null],
  ["hello there", null],
])("the code in %j is %j", (text, code) => {
  expect(codeIn(text)).toBe(code);
});
