import { ProbotOctokit } from 'probot'

/** Octokit as Probot makes it, authenticated as the App or as one installation. */
export type Client = ProbotOctokit
