/** What stands in the place of a secret's value, wherever one would have been told. */
export const secretHidden = "<secret-hidden>";
