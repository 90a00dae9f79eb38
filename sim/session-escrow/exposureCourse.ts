/**
 * The old place of `sim/world/exposureCourse.ts`, for those who still import it from here; to be
 * deleted with the last of them.
 */
export { COURSE_WINDOW_MS, COURSE_WINDOWS, courseOf } from '../world/exposureCourse.ts'
