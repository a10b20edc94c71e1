/** The page of a server: what stands round the picture is read after it. */
import { HttpSource } from "../data";
import { show } from "./show";

// The server has made a cookie of the token: it need not stay in the address, nor in the history.
if (new URLSearchParams(location.search).has("token")) history.replaceState(history.state, "", location.pathname + location.hash);
show(new HttpSource(), () => import("../ui/panels"));
