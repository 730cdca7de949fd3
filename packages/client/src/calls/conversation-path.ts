export const conversationPath = (id: string): string => `/api/conversations/${encodeURIComponent(id)}`;
