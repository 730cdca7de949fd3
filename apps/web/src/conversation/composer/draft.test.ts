import { expect, test } from "vitest";
import { contentOf, draftOf, emptyDraft, isBlank, joined } from "./draft.ts";

const image = "data:image/png;base64,AA==";

test("a draft is blank without words and images", () => {
  expect(isBlank(emptyDraft)).toBe(true);
  expect(isBlank({ text: " \n", images: [] })).toBe(true);
  expect(isBlank({ text: "", images: [image] })).toBe(false);
});

test("words alone are sent as a text, images as parts behind them", () => {
  expect(contentOf({ text: "look", images: [] })).toBe("look");
  expect(contentOf({ text: "look", images: [image] })).toEqual([
    { type: "text", text: "look" },
    { type: "image", image_urls: [image] },
  ]);
  expect(contentOf({ text: " ", images: [image] })).toHaveLength(1);
});

test("a message comes back as it was written, below what is being written", () => {
  const back = draftOf([
    { type: "text", text: "look" },
    { type: "image", image_urls: [image] },
  ]);
  expect(back).toEqual({ text: "look", images: [image] });
  expect(joined({ text: "first", images: [] }, back)).toEqual({ text: "first\n\nlook", images: [image] });
  expect(joined(emptyDraft, back)).toEqual(back);
});
