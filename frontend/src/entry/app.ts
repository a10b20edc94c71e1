/** The page of a server: what stands round the picture is read after it. */
import { HttpSource } from "../data";
import { show } from "./show";

show(new HttpSource(), () => import("../ui/panels"));
