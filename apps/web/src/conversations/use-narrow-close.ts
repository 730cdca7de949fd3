import { useCallback } from "react";
import { useServices } from "../app/services.ts";

/** Closes the list after a choice where it lies over the page; beside the page it stays. */
export function useNarrowClose(): () => void {
  const { layout, isRoomy } = useServices();
  return useCallback(() => {
    if (!isRoomy()) layout.setState({ listOpen: false });
  }, [layout, isRoomy]);
}
