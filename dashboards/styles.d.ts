/** Style sheets are imported for what they do to the page, not for a value. */
declare module '*.css'
