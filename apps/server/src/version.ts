/** Our version, and the one that V1's client asks for (strict x.y.z, at least 1.31.0) in `/server_info`. */
export const version = { own: "0.1.0", v1: "1.44.0" } as const;
