/** First tasks that the demonstration model can do too. */
export const thingsToTry = [
  "Write a Python script that prints the first 20 primes, run it, and save the output to primes.txt",
  "Show me around: what is installed in this sandbox, and who are you in it?",
  "Create a small shell script in the workspace, run it and keep what it prints",
] as const;
