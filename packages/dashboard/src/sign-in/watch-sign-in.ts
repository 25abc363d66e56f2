import { RivuletError } from "@rivulet/client";
import { queryClient } from "../api/query-client.ts";
import { checkSignIn } from "./sign-in.ts";

/** Notices when the page is signed out while it is open: the app was started anew with another token. */
export function watchSignIn(): void {
  queryClient.getQueryCache().subscribe(({ query }) => {
    const { error } = query.state;
    if (error instanceof RivuletError && error.code === "unauthenticated") void checkSignIn();
  });
}
