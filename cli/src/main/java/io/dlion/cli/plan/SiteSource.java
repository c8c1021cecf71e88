package io.dlion.cli.plan;

import java.io.IOException;

/** Tells of the sites that a plan is for: a file, or measurements of workers that are up. */
@FunctionalInterface
public interface SiteSource {
  /**
   * The sites as they are.
   *
   * @throws io.dlion.core.UserError where they cannot be told
   */
  Sites sites() throws IOException, InterruptedException;
}
