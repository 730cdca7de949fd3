/** Everything that steers a terminal, but for new lines and tabs: what an agent prints must not play with the screen. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export const plain = (text: string): string => text.replaceAll(controls, "");
