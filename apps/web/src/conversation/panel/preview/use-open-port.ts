import { useMutation } from "@tanstack/react-query";
import { useServices } from "../../../app/services.ts";

/** Opens a port in a tab of its own, by a link that lets this browser in once. */
export function useOpenPort(id: string) {
  const { client } = useServices();
  return useMutation({
    mutationFn: async (port: number) => {
      // in the click itself, for a browser may refuse a tab that is opened after an answer
      const tab = window.open("about:blank", "_blank");
      try {
        const { url } = await client.ports.open(id, port);
        if (!tab)
          throw new Error(
            `The browser refused a new tab. Allow pop-ups for this page, then open port ${port} again.`,
          );
        tab.opener = null;
        tab.location.replace(url);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
  });
}
