/** Signs of a field in a repository: topics, packages it depends on and files of its root, in lower case. */
export interface Field {
  name: string
  marks: readonly string[]
}

const field = (name: string, marks: string): Field => ({ name, marks: marks.split(' ') })

/** Names that the profile reader knows: it goes by prefix (gastownhall/wasteland, internal/pile/profile.go). */
export const DOMAINS: readonly Field[] = [
  field('operating-systems', 'kernel linux-kernel operating-system os osdev unix bsd'),
  field(
    'systems-programming',
    'systems-programming compiler llvm libc tokio jemalloc virtual-machine garbage-collector',
  ),
  field('audio-processing', 'audio audio-processing dsp music midi sound synthesizer vst librosa'),
  field('text-processing', 'nlp text-processing parser markdown regex natural-language-processing nltk spacy'),
  field('hardware-design', 'fpga verilog vhdl hardware pcb kicad asic openscad 3d-printing'),
  field('frontend', 'frontend react vue svelte angular css ui-components design-system solid-js preact'),
  field('backend', 'backend express fastify django flask fastapi rails spring-boot axum actix-web hono gin rest-api'),
  field('web-development', 'web http web-framework browser nextjs next nuxt html5 webassembly wasm'),
  field(
    'machine-learning',
    'machine-learning deep-learning pytorch torch tensorflow scikit-learn keras jax transformers llm',
  ),
  field(
    'data-engineering',
    'data-engineering big-data etl spark pyspark kafka airflow apache-airflow dbt pandas polars',
  ),
  field('mobile-development', 'android ios mobile react-native flutter swiftui jetpack-compose'),
  field('game-development', 'game gamedev game-engine unity unreal-engine godot bevy pygame opengl vulkan'),
  field('database', 'database sql postgresql postgres mysql sqlite mongodb redis orm storage-engine'),
  field('networking', 'networking network tcp udp dns vpn proxy p2p quic grpc websocket'),
  field('security', 'security cryptography infosec pentesting encryption tls fuzzing oauth authentication'),
  field('devops', 'devops docker kubernetes k8s helm ansible continuous-delivery gitops docker-compose.yml'),
  field('cloud', 'cloud aws azure gcp serverless boto3 aws-sdk'),
  field('infrastructure', 'infrastructure infrastructure-as-code terraform pulumi prometheus monitoring observability'),
  field('embedded', 'embedded arduino esp32 raspberry-pi rtos firmware microcontroller no-std'),
  field('blockchain', 'blockchain ethereum bitcoin solidity web3 smart-contracts'),
]

export const CAPABILITIES: readonly Field[] = [
  field('command-line-tools', 'cli command-line terminal tui shell clap commander yargs click argparse cobra'),
  field('testing', 'testing test-framework jest vitest mocha pytest junit property-based-testing fast-check proptest'),
  field('api-design', 'api graphql openapi sdk protobuf swagger'),
  field(
    'build-tooling',
    'build-tool bundler webpack vite rollup esbuild makefile cmakelists.txt build.gradle meson.build',
  ),
  field('containers', 'container containers oci dockerfile'),
  field('developer-tools', 'developer-tools linter formatter ide vscode-extension language-server editor neovim'),
  field('documentation', 'documentation docs static-site-generator mkdocs.yml sphinx docusaurus'),
  field('localization', 'i18n l10n localization translation internationalization gettext'),
  field('accessibility', 'accessibility a11y wcag aria'),
  field('data-visualization', 'data-visualization visualization charts d3 matplotlib plotly dashboard'),
  field('concurrency', 'concurrency async parallel actor-model rayon asyncio coroutines'),
  field('scientific-computing', 'scientific-computing numpy scipy simulation bioinformatics physics mathematics'),
]
