// The AI SDK against the sandbox: an object by schema, and a tool with its answer. Prints one line of JSON.
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, Output, stepCountIs, tool } from "ai";
import { z } from "zod";

const [baseURL, apiKey, model] = process.argv.slice(2);
const chat = createOpenAI({ baseURL, apiKey }).chat(model);
const person = z.object({ name: z.string(), age: z.number().int() });
const prompt = "Jason is 25 years old.";
const made = await generateText({ model: chat, prompt, output: Output.object({ schema: person }) });
const cities = [];
const getWeather = tool({
  description: "The weather of a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    cities.push(city);
    return "cold";
  },
});
const weather = await generateText({
  model: chat,
  prompt: "What is the weather in Oslo?",
  tools: { get_weather: getWeather },
  stopWhen: stepCountIs(3),
});
console.log(JSON.stringify({ object: made.output, cities, text: weather.text }));
