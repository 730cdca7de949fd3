/** Code in colours. A file of its own, fetched with the first text that is looked at: the grammars are large. */
import { common, createLowlight } from "lowlight";
import { createElement, type ReactNode } from "react";
import { CodeLines } from "./code-lines.tsx";
import "./coloured-code.css";

const lowlight = createLowlight(common);

/** @param language name or ending of a language; a text of any other is drawn as it is */
export function ColouredCode({ text, language }: { text: string; language: string }) {
  const known = lowlight.registered(language);
  return (
    <CodeLines text={text}>
      {known ? lowlight.highlight(language, text).children.map((node, index) => drawn(node, index)) : text}
    </CodeLines>
  );
}

type Node = ReturnType<typeof lowlight.highlight>["children"][number];

/** The tree as elements: text stays text. */
function drawn(node: Node, key: number): ReactNode {
  if (node.type === "text") return node.value;
  if (node.type !== "element") return null;
  const { className } = node.properties;
  const classes = Array.isArray(className) ? className.join(" ") : "";
  return createElement(
    "span",
    { key, className: classes },
    ...node.children.map((child, index) => drawn(child, index)),
  );
}
