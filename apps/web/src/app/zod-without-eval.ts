/**
 * Imported before everything else: zod would otherwise try `new Function`, which the server's content policy refuses
 * and the browser reports. zod reads its settings from this global when it is first loaded.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
