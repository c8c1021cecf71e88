/** What workers are asked about their machines and lines before training, and what they answer. */
@NullMarked
package io.dlion.cluster.survey;

import org.jspecify.annotations.NullMarked;
