/** What a server is told so that the scripted provider at `url` is its model. */
export const scriptedModel = "openai/scripted";

export const modelAt = (url: string) => ({
  LLM_BASE_URL: url,
  LLM_MODEL: scriptedModel,
  LLM_API_KEY: "sk-bench-0123456789",
});
