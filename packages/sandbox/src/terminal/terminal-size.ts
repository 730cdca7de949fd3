/** The size that programs are told and that their output is drawn with. */
export const terminalSize = { columns: 200, rows: 50 } as const;
