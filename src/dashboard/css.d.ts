/** The build gathers what is imported into `live.css`, in the order of the imports. */
declare module "*.css";
