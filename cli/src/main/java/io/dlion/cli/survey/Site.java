package io.dlion.cli.survey;

import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.survey.HostFacts;
import io.dlion.cluster.survey.StepFacts;
import io.dlion.core.WorkerId;

/**
 * A worker that is surveyed.
 *
 * @param worker its name
 * @param place its micro-cloud
 * @param contact where it is asked
 * @param host the machine that it is on
 */
record Site(WorkerId worker, String place, Contact contact, HostFacts host) {
  /** One whose gradients were timed. */
  record Timed(Site site, StepFacts steps) {}

  /** Whether measuring the two at the same time would disturb either. */
  boolean sharesWith(Site other) {
    return place.equals(other.place) || host.machine().equals(other.host.machine());
  }
}
